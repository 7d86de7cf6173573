# case: comentarios_en_espanol
# style: Spanish names and comments, prints and a picture inside the functions

# %% compile_model
def compile_model(model):
    # optimizador: cómo se mueve cada peso
    optimizador = keras.optimizers.Adam(learning_rate=0.01)
    # función de pérdida para etiquetas enteras (0 ó 1)
    perdida = "sparse_categorical_crossentropy"
    model.compile(optimizer=optimizador, loss=perdida, metrics=["accuracy"])
    print("¡Modelo compilado!")
    return model


# %% train_model
def train_model(model, x, y, epochs=5):
    # entrenamos el modelo
    historia = model.fit(x, y, epochs=epochs, batch_size=16, verbose=0)
    # dibujamos la pérdida
    figura, ejes = plt.subplots(figsize=(4, 2))
    ejes.plot(historia.history["loss"], label="pérdida")
    ejes.set_xlabel("época")
    ejes.legend()
    plt.close(figura)
    print("Pérdida final:", round(historia.history["loss"][-1], 4))
    return historia


# %% first_layer_weights
def first_layer_weights(model):
    for capa in model.layers:
        pesos = capa.get_weights()
        if pesos:  # la primera capa que tiene pesos
            print("Capa:", capa.name, "forma:", pesos[0].shape)
            return pesos[0].copy()


# %% weight_change
def weight_change(before, after):
    cambios = []
    for antes, despues in zip(before, after):
        diferencia = despues - antes
        cambios.append(float(abs(diferencia).max()))
    print("Cambios:", cambios)
    return cambios
