# case: own_train_step
# style: copies the Keras guide "customizing fit": a Model subclass with its own train_step and GradientTape

# %% build_model
import tensorflow as tf


class CustomModel(keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        trainable_vars = self.trainable_variables
        gradients = tape.gradient(loss, trainable_vars)
        self.optimizer.apply_gradients(zip(gradients, trainable_vars))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return self.get_metrics_result()


def build_model(image_shape, n_classes):
    inputs = keras.Input(shape=image_shape)
    hidden = keras.layers.Dense(128, activation="relu")(keras.layers.Flatten()(inputs))
    outputs = keras.layers.Dense(n_classes, activation="softmax")(hidden)
    return CustomModel(inputs, outputs)

# %% compile_model
def compile_model(model):
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.01),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    return model

# %% train_model
def train_model(model, x, y, x_val, y_val):
    es = keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)
    model.fit(x, y, batch_size=32, epochs=100, validation_data=(x_val, y_val), callbacks=[es], verbose=0)
    return model.history

# %% best_epoch
def best_epoch(history):
    losses = dict(zip(history.epoch, history.history["val_loss"]))
    return min(losses, key=losses.get) + 1

# %% confusion_matrix
def confusion_matrix(model, x, y):
    k = model.output_shape[-1]
    predictions = model.predict(x, verbose=0)
    labels = np.argmax(predictions, axis=-1)
    matrix = np.zeros(k * k, dtype=int)
    for index in y * k + labels:
        matrix[index] += 1
    return matrix.reshape(k, k)
